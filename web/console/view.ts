import type { ComponentType } from "preact";

/** A place in the console, and its entry in the navigation. */
export interface View {
  /** First segment of its address. */
  readonly name: string;
  /** Its title, in the language spoken now. */
  readonly title: () => string;
  /** The role without which it is not shown; what the node answers is for the node to decide. */
  readonly role: string | null;
  readonly Page: ComponentType;
}
