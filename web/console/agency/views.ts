import type { View } from "../view.ts";

/** For an agency's staff: what came and went, and what there is to send. */
export const agencyViews: readonly View[] = [];
