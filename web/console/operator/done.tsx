/** What was done last, told to those who see it and to those who hear it. */
export function Done({ text }: { readonly text: string }) {
  return (
    <p class={text === "" ? "visually-hidden" : "notice good"} role="status">
      {text}
    </p>
  );
}
