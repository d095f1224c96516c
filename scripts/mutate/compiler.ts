import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/** A node of solc's syntax tree; `src` is `start:length:file`, in bytes. */
export interface AstNode {
  readonly nodeType: string;
  readonly src: string;
  readonly [member: string]: unknown;
}

/** A contract's creation code, hexadecimal with `0x`, by its name. */
export type Bytecodes = Readonly<Record<string, string>>;

export interface Compiled {
  /** The syntax tree of each source, by its path. */
  readonly trees: Readonly<Record<string, AstNode>>;
  readonly bytecodes: Bytecodes;
}

interface Solc {
  compile(input: string, callbacks: { import: (path: string) => { contents: string } }): string;
}

interface Output {
  readonly errors?: readonly { readonly severity: string; readonly formattedMessage: string }[];
  readonly sources?: Readonly<Record<string, { readonly ast: AstNode }>>;
  readonly contracts?: Readonly<
    Record<
      string,
      Readonly<Record<string, { readonly evm?: { readonly bytecode: { readonly object: string } } }>>
    >
  >;
}

const require = createRequire(import.meta.url);

/** The repository's root directory. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Compiles sources with the settings the contracts are deployed with.
 * @param sources file contents by path relative to the repository; what they import besides is read from disk.
 * @param wanted `trees` to stop after the analysis, `bytecodes` for code as well.
 * @throws Error with the compiler's words when a source does not compile.
 */
export function compile(sources: Readonly<Record<string, string>>, wanted: "trees" | "bytecodes"): Compiled {
  const input = {
    language: "Solidity",
    sources: Object.fromEntries(Object.entries(sources).map(([path, content]) => [path, { content }])),
    settings: {
      evmVersion: "prague",
      viaIR: true,
      optimizer: { enabled: true, runs: 200 },
      outputSelection:
        wanted === "trees"
          ? { "*": { "": ["ast"] } }
          : Object.fromEntries(
              Object.keys(sources).map((path) => [path, { [contractIn(path)]: ["evm.bytecode.object"] }]),
            ),
    },
  };
  const compiler = require("solc") as Solc;
  const read = (path: string) => ({
    contents: readFileSync(path.startsWith("contracts/") ? root + path : require.resolve(path), "utf8"),
  });
  const output = JSON.parse(compiler.compile(JSON.stringify(input), { import: read })) as Output;
  const error = output.errors?.find(({ severity }) => severity === "error");
  if (error !== undefined) throw new Error(error.formattedMessage);
  const trees = Object.fromEntries(
    Object.entries(output.sources ?? {}).map(([path, { ast }]) => [path, ast]),
  );
  const bytecodes: Record<string, string> = {};
  for (const contracts of Object.values(output.contracts ?? {})) {
    for (const [name, { evm }] of Object.entries(contracts)) {
      if (evm !== undefined && evm.bytecode.object !== "") bytecodes[name] = `0x${evm.bytecode.object}`;
    }
  }
  return { trees, bytecodes };
}

/** A source's contract is called as the source is. */
function contractIn(path: string): string {
  return path.replace(/^.*\/|\.sol$/g, "");
}
