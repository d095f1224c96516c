import { signal } from "@preact/signals";

import type { ApiFailure } from "../../../api/node-api.ts";
import { linkTo, route } from "../../route.ts";
import { failureOf, noteFailure } from "../asked.ts";
import type { DocumentTypeRecord } from "../document-types.ts";
import { faultsIn } from "./check.ts";
import { dispatch } from "./dispatch.ts";
import { change, dropDraft, type Draft } from "./draft.ts";
import { refused } from "./refused.ts";

/**
 * Whether the draft is on its way: it belongs to the page and not to what shows it, so that whoever looks at something else
 * meanwhile and comes back neither changes it nor sends it again.
 */
export const sending = signal(false);

/** Why the draft was not taken when it was last sent. */
export const sendFailure = signal<ApiFailure | null>(null);

/** Sends the draft, once at a time; and leads to the story of what was sent whoever still waits for it. */
export function send(
  draft: Draft,
  type: DocumentTypeRecord | null,
  file: File | null,
  participant: string,
): void {
  // A second click comes before the button is seen to be disabled.
  if (sending.value) return;
  sending.value = true;
  sendFailure.value = null;
  dispatch(draft, type, file, participant)
    .then(({ id }) => {
      dropDraft();
      if (route.value.path[0] === "send") location.hash = linkTo(["messages", id]);
    })
    .catch((error: unknown) => {
      const why = failureOf(error);
      const faults = faultsIn(why.members);
      if (faults.length > 0) {
        refused.value = faults;
        change({ step: "fill" });
        return;
      }
      sendFailure.value = why;
      noteFailure(why);
    })
    .finally(() => {
      sending.value = false;
    });
}
