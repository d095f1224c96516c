import { useEffect, useState } from "preact/hooks";

import { language } from "../language/language.ts";
import { LanguageMenu } from "../language/language-menu.tsx";
import { Answer } from "./answer.tsx";
import { check } from "./check.ts";
import { keepPage } from "./offline/keep-page.ts";
import { say } from "./say.ts";
import { refreshTrustList } from "./seal-check.ts";
import { readAddress, showFile } from "./show.ts";
import "./verify.css";
import { WaysIn } from "./ways-in.tsx";

/** The verifier: whether a certificate is genuine, and whether it has been used. */
export function VerifyPage() {
  const dragging = useDroppedFiles();
  useEffect(() => {
    readAddress();
    window.addEventListener("hashchange", readAddress);
    void refreshTrustList();
    void keepPage();
    return () => {
      window.removeEventListener("hashchange", readAddress);
    };
  }, []);
  document.documentElement.lang = language.value;
  return (
    <>
      <a class="skip button" href="#content">
        {say("skip")}
      </a>
      <header class="verify-head no-print">
        <strong>{say("name")}</strong>
        <div class="verify-language">
          <LanguageMenu label={say("language")} />
        </div>
      </header>
      <main id="content" class="verify" tabIndex={-1}>
        <Body />
      </main>
      {dragging && <p class="verify-drop">{say("drop")}</p>}
    </>
  );
}

function Body() {
  const { value } = check;
  if (value.phase === "waiting") return <WaysIn />;
  if (value.phase === "asking") {
    return (
      <div class="card verify-asking" role="status">
        <span class="verify-spinner" aria-hidden="true" />
        <h1>{say("asking")}</h1>
      </div>
    );
  }
  return <Answer check={value} />;
}

/** A file may be dropped anywhere: a browser would otherwise leave the page for it. @returns whether one is held over it */
function useDroppedFiles(): boolean {
  const [dragging, setDragging] = useState(false);
  useEffect(() => {
    const holds = ({ dataTransfer }: DragEvent) => dataTransfer?.types.includes("Files") ?? false;
    const over = (event: DragEvent) => {
      if (!holds(event)) return;
      event.preventDefault();
      setDragging(true);
    };
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      if (!holds(event)) return;
      event.preventDefault();
      setDragging(false);
      const file = event.dataTransfer?.files[0];
      if (file !== undefined) void showFile(file);
    };
    window.addEventListener("dragover", over);
    window.addEventListener("dragleave", leave);
    window.addEventListener("drop", drop);
    return () => {
      window.removeEventListener("dragover", over);
      window.removeEventListener("dragleave", leave);
      window.removeEventListener("drop", drop);
    };
  }, []);
  return dragging;
}
