import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// Node runs the TypeScript as it stands, by erasing its types. The compiler's own check for that
// (erasableSyntaxOnly) would also judge generated bindings, so the rule is kept here.
const erasable = [
  {
    selector: "TSEnumDeclaration",
    message: "Enums cannot be erased: use a union of literals, or a const object.",
  },
  {
    selector: "TSParameterProperty",
    message: "Parameter properties cannot be erased: declare the field and assign it.",
  },
  {
    selector: "TSModuleDeclaration[kind='namespace']",
    message: "Namespaces cannot be erased: use a module.",
  },
  { selector: "TSImportEqualsDeclaration", message: "`import x = …` cannot be erased." },
  { selector: "TSExportAssignment", message: "`export =` cannot be erased." },
];
const noDefaultExport = {
  selector: "ExportDefaultDeclaration",
  message: "Export by name: a thing has one name.",
};
const noBarrel = { selector: "ExportAllDeclaration", message: "No barrels: import from where a thing is." };

// The house's rule: arrows point inward. Each layer lists what it must not reach for.
const ledgerBindings = {
  regex: "^(ethers(/.*)?|.*/types/ethers-contracts/.*|@nomicfoundation/.*|hardhat(/.*)?)$",
  message: "Only src/channels/evm speaks to an EVM ledger.",
};
const http = {
  regex: "(^express.*$)|(/http/)|(/(node|main|config)\\.ts$)",
  message: "Features do not know how they are called: http and the composition root import them.",
};
const feature = "credentials|documents|graph|messages|paper|routing|subscriptions|verification";
const features = {
  regex: `/(${feature})/`,
  message: "This layer lies further in than the features: they import it.",
};
const plugIns = {
  regex: "/channels/(evm|memory)/",
  message: "Features know the plug-in interface (channels/channel.ts) only.",
};
const database = {
  regex: "^(kysely|pg|node:sqlite)$",
  allowTypeImports: true,
  message: "A feature reaches the database through its own repository file.",
};
const restricted = (...patterns) => ({
  "@typescript-eslint/no-restricted-imports": ["error", { patterns }],
});

export default defineConfig(
  {
    ignores: [
      "artifacts/",
      "cache/",
      "coverage/",
      "dist/",
      "web/dist/",
      "src/semantics/compiled/",
      "test/scripts/stranger/",
      "test-output/",
      "types/",
      ".icl/",
    ],
  },
  {
    linterOptions: { reportUnusedDisableDirectives: "error" },
  },
  {
    files: ["**/*.ts", "**/*.tsx"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      "no-restricted-syntax": ["error", ...erasable, noBarrel],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
      eqeqeq: "error",
      "max-lines": ["error", { max: 400, skipBlankLines: false, skipComments: false }],
      "no-console": "error",
      "no-empty": ["error", { allowEmptyCatch: false }],
      "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"], location: "anywhere" }],
    },
  },
  {
    files: ["src/**/*.ts"],
    rules: {
      "no-restricted-syntax": ["error", ...erasable, noBarrel, noDefaultExport],
      ...restricted(ledgerBindings),
    },
  },
  {
    files: ["src/domain/**/*.ts"],
    rules: restricted(ledgerBindings, {
      regex: "^(\\.\\./|node:|express|kysely|pg$)",
      message: "The domain imports nothing of ours, and does no I/O.",
    }),
  },
  { files: ["src/store/**/*.ts"], rules: restricted(ledgerBindings, http, features) },
  { files: ["src/channels/**/*.ts"], rules: restricted(ledgerBindings, http, features) },
  { files: ["src/channels/evm/**/*.ts"], rules: restricted(http, features) },
  { files: ["src/identity/**/*.ts"], rules: restricted(ledgerBindings, http, features, plugIns) },
  { files: ["src/semantics/**/*.ts"], rules: restricted(ledgerBindings, http, features, plugIns, database) },
  {
    files: [`src/{${feature.replaceAll("|", ",")}}/**/*.ts`],
    rules: restricted(ledgerBindings, http, plugIns, database),
  },
  {
    files: [`src/{${feature.replaceAll("|", ",")}}/*-repository.ts`],
    rules: restricted(ledgerBindings, http, plugIns),
  },
  { files: ["src/http/**/*.ts"], rules: restricted(ledgerBindings, plugIns, database) },
  {
    files: ["test/**/*.ts"],
    rules: {
      // chai's assertions are property reads, and a test's length is that of what it shows.
      "@typescript-eslint/no-unused-expressions": "off",
      "max-lines": "off",
      "no-restricted-syntax": [
        "error",
        ...erasable,
        noBarrel,
        noDefaultExport,
        {
          selector: "MemberExpression[object.name=/^(it|describe|context)$/][property.name='only']",
          message: "A test suite narrowed by `.only` hides the rest.",
        },
      ],
    },
  },
  {
    files: ["web/**/*.{ts,tsx}"],
    rules: {
      "no-restricted-syntax": ["error", ...erasable, noBarrel, noDefaultExport],
      ...restricted({
        regex: "^node:|^\\.\\./\\.\\./src/(?!paper/|domain/|semantics/)",
        message: "A page runs in a browser, and shares with the node what needs no other.",
      }),
    },
  },
  {
    // What runs in a terminal speaks to it.
    files: ["scripts/**/*.ts"],
    rules: { "no-console": "off" },
  },
);
