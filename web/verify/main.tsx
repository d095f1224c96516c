import "../design/base.css";

import { render } from "preact";

import { VerifyPage } from "./verify-page.tsx";

const page = document.getElementById("page");
if (page !== null) render(<VerifyPage />, page);
