import type { ValidateFunction } from "ajv/dist/2020.js";

/** Validators of the document types that come with the node, by the `$id` of their schema; made by `npm run build:validators`. */
export declare const validators: Readonly<Record<string, ValidateFunction>>;
