import { readFile, writeFile } from "node:fs/promises";

const page = new URL("../../docs/performance.md", import.meta.url);
const PLACE = /(<!-- measured -->\n)[\s\S]*?(\n<!-- end -->)/;

/** Puts what a run printed in its place in docs/performance.md. */
export async function recordTables(printed: string): Promise<void> {
  const text = await readFile(page, "utf8");
  if (!PLACE.test(text)) throw new Error("docs/performance.md has no place for what was measured.");
  await writeFile(
    page,
    text.replace(PLACE, (_, begin: string, end: string) => {
      return `${begin}\n\`\`\`text\n${printed}\n\`\`\`\n${end}`;
    }),
  );
}
