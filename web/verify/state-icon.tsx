import type { Shape } from "./state-look.ts";

const disc = <circle cx="24" cy="24" r="20" />;
const sheet = <path d="M12 5h16l8 8v30H12z" />;

/** Drawings that differ in outline, so that no state is told by its colour alone. */
const drawings: Readonly<Record<Shape, preact.ComponentChild>> = {
  tick: (
    <>
      {disc}
      <path d="m14 25 7 7 14-15" />
    </>
  ),
  used: (
    <>
      <path d="M8 42h32M12 36h24v-6H12zM19 30c0-6-3-8-3-13a8 8 0 0 1 16 0c0 5-3 7-3 13" />
    </>
  ),
  cross: (
    <>
      {disc}
      <path d="m16 16 16 16m0-16L16 32" />
    </>
  ),
  clock: (
    <>
      {disc}
      <path d="M24 11v14l9 6" />
    </>
  ),
  broken: (
    <>
      <path d="M24 5 45 42H3z" />
      <path d="M24 18v12m0 5v2" />
    </>
  ),
  question: (
    <>
      {disc}
      <path d="M17.5 19a6.5 6.5 0 1 1 10 5.5c-2.5 1.6-3.5 2.7-3.5 5.5m0 4v2" />
    </>
  ),
  hourglass: <path d="M12 5h24M12 43h24M15 5v6c0 7 9 9 9 13s-9 6-9 13v6M33 5v6c0 7-9 9-9 13s9 6 9 13v6" />,
  copies: <path d="M16 13h24v30H16zM8 35V5h24v8" />,
  flask: <path d="M18 5h12M20 5v14L9 39c-1 2 0 4 3 4h24c3 0 4-2 3-4L28 19V5M14 31h20" />,
  person: (
    <>
      {sheet}
      <path d="M18 34c0-8 12-8 12 0M24 25a4 4 0 1 0 0-8 4 4 0 0 0 0 8" />
    </>
  ),
  offline: <path d="M5 18a28 28 0 0 1 38 0M12 26a18 18 0 0 1 24 0M19 34a8 8 0 0 1 10 0M24 41v.5M7 43 41 7" />,
  code: <path d="M6 6h14v14H6zM28 6h14v14H28zM6 28h14v14H6zM28 28h6v6m8-6v6m-14 8h6m8-4v4" />,
};

/** The picture of a state; its title says it in words. */
export function StateIcon({ shape }: { readonly shape: Shape }) {
  return (
    <svg class="state-icon" viewBox="0 0 48 48" aria-hidden="true" focusable="false">
      {drawings[shape]}
    </svg>
  );
}
