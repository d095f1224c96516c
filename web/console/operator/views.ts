import type { View } from "../view.ts";

/** For whoever runs the node. */
export const operatorViews: readonly View[] = [];
