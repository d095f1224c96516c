import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";

import { say } from "./say.ts";

/** What is looked at within a view, such as one message; empty where the view's own title says it all. */
const within = signal("");

/** Names what is looked at within a view as long as it is. @param name in the language spoken now; empty while it is not known */
export function useName(name: string): void {
  useEffect(() => {
    within.value = name;
    return () => {
      within.value = "";
    };
  }, [name]);
}

/** Names the place in the browser's title, and so in its tabs and its history. @param view its title */
export function useTitle(view: string): void {
  const title = `${within.value === "" ? view : within.value} – ${say("title")}`;
  useEffect(() => {
    document.title = title;
  }, [title]);
}
