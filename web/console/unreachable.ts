import { signal } from "@preact/signals";

/** Whether the node did not answer when it was last asked; whoever asks and hears nothing sets it. */
export const unreachable = signal(false);
