import { useState } from "preact/hooks";

import type { ApiFailure } from "../../../api/node-api.ts";
import { askBlob, askJson } from "../../../api/node-api.ts";
import { language } from "../../../language/language.ts";
import { may } from "../../session.ts";
import { failureOf, noteFailure } from "../asked.ts";
import { Failure } from "../failure.tsx";
import type { MessageRecord } from "../node-records.ts";
import { saveFile } from "../save-file.ts";
import { say } from "../say.ts";

const PRINT_MS = 60_000;

/** A code as the node draws it. */
interface Code {
  /** Base64. */
  readonly png: string;
  readonly text: string;
}

/** What sealing a document answers. */
interface Sealed {
  readonly codes: { readonly link: Code; readonly offline: Code | null };
}

/** The certificate on paper: printed, or its codes for a paper that is printed elsewhere. For what this agency issued. */
export function PaperPanel({ record }: { readonly record: MessageRecord }) {
  const [busy, setBusy] = useState<"print" | "seal" | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const [sealed, setSealed] = useState<Sealed | null>(null);
  const issued = record.direction === "outgoing" && record.certificate?.issued === true;
  if (!issued || !may("messages:write") || record.documentErased !== undefined) return null;

  const attempt = async (what: "print" | "seal", work: () => Promise<void>) => {
    setBusy(what);
    setFailure(null);
    try {
      await work();
    } catch (error) {
      const why = failureOf(error);
      noteFailure(why);
      setFailure(why);
    }
    setBusy(null);
  };
  const print = () =>
    attempt("print", async () => {
      const paper = await askBlob(`documents/${record.obj}/print`, {
        method: "POST",
        json: { language: language.value, message: record.id },
        accept: "application/pdf",
        timeout: PRINT_MS,
      });
      saveFile(paper, `certificate-${record.id.slice(2, 14)}.pdf`);
    });
  const seal = () =>
    attempt("seal", async () => {
      setSealed(
        await askJson<Sealed>(`documents/${record.obj}/seal`, {
          method: "POST",
          json: { message: record.id },
        }),
      );
    });

  return (
    <section class="card" aria-labelledby="story-paper">
      <h2 id="story-paper">{say("paper")}</h2>
      <p>{say("paper-text")}</p>
      <div class="row">
        <button type="button" disabled={busy !== null} onClick={() => void print()}>
          {say(busy === "print" ? "printing" : "print")}
        </button>
        <button type="button" disabled={busy !== null} onClick={() => void seal()}>
          {say(busy === "seal" ? "loading" : "codes")}
        </button>
      </div>
      {failure !== null && <Failure failure={failure} />}
      {sealed !== null && (
        <div class="codes" role="status">
          <CodePicture code={sealed.codes.link} name="code-link" />
          {sealed.codes.offline !== null && <CodePicture code={sealed.codes.offline} name="code-offline" />}
        </div>
      )}
    </section>
  );
}

function CodePicture({ code, name }: { readonly code: Code; readonly name: "code-link" | "code-offline" }) {
  const url = `data:image/png;base64,${code.png}`;
  return (
    <figure>
      <img src={url} alt={say(name)} />
      <figcaption>
        {say(name)}{" "}
        <a href={url} download={`${name}.png`}>
          PNG
        </a>
      </figcaption>
    </figure>
  );
}
