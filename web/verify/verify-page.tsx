/** The verifier: whether a certificate is genuine, and whether it has been used. */
export function VerifyPage() {
  return (
    <main>
      <h1>Is this certificate genuine?</h1>
    </main>
  );
}
