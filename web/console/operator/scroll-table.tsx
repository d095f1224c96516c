import type { ComponentChildren } from "preact";

/** A table that scrolls sideways by itself where the screen is narrower, also by the keyboard. */
export function ScrollTable({
  label,
  caption,
  heads,
  children,
}: {
  /** What the table is about, for those who do not see what stands around it. */
  readonly label: string;
  readonly caption?: string;
  /** One for each column. */
  readonly heads: readonly string[];
  /** Its rows. */
  readonly children: ComponentChildren;
}) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table>
        {caption !== undefined && <caption class="hint">{caption}</caption>}
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
