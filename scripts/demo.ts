/** `npm run demo`: the exchange of one certificate, step by step; ends with 0 only when every step held. */
import { runDev } from "./dev.ts";

await runDev({ stay: false });
