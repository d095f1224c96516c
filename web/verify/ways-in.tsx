import { useEffect, useRef, useState } from "preact/hooks";

import { FileChoice } from "./file-choice.tsx";
import { say } from "./say.ts";
import { Scanner } from "./scanner.tsx";
import { showCode, showFile } from "./show.ts";

/** Whether the reader has been here before, and left for an answer. */
let wasHere = false;

/** What somebody may show: the code on paper, a file, or a text. */
export function WaysIn() {
  const [scanning, setScanning] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  document.title = say("title");
  useEffect(() => {
    // Whoever comes from an answer: the button that led here is gone.
    if (wasHere) heading.current?.focus();
    wasHere = true;
  }, []);
  return (
    <>
      <h1 tabIndex={-1} ref={heading}>
        {say("title")}
      </h1>
      <p class="verify-intro">{say("intro")}</p>
      {!isSecureContext && (
        <p class="notice warn" role="alert">
          {say("insecure")}
        </p>
      )}
      <section class="card" aria-labelledby="scan-title">
        <h2 id="scan-title">{say("scan-title")}</h2>
        {scanning ? (
          <Scanner
            close={() => {
              setScanning(false);
            }}
          />
        ) : (
          <>
            <button
              type="button"
              class="primary verify-wide"
              onClick={() => {
                setScanning(true);
              }}
            >
              {say("scan")}
            </button>
            <p class="hint">{say("scan-hint")}</p>
          </>
        )}
      </section>
      <section class="card" aria-labelledby="file-title">
        <h2 id="file-title">{say("file-title")}</h2>
        <FileChoice label={say("file")} hint={say("file-hint")} chosen={(file) => showFile(file)} />
      </section>
      <section class="card" aria-labelledby="text-title">
        <h2 id="text-title">{say("text-title")}</h2>
        <TextField />
      </section>
    </>
  );
}

function TextField() {
  const [text, setText] = useState("");
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        showCode(text);
      }}
    >
      <label for="code-text">{say("text")}</label>
      <p id="code-hint" class="hint">
        {say("text-hint")}
      </p>
      <div class="verify-line">
        <input
          id="code-text"
          type="text"
          required
          maxLength={2_000}
          value={text}
          aria-describedby="code-hint"
          autocomplete="off"
          autocapitalize="off"
          spellcheck={false}
          onInput={({ currentTarget: { value } }) => {
            setText(value);
          }}
        />
        <button type="submit">{say("check")}</button>
      </div>
    </form>
  );
}
