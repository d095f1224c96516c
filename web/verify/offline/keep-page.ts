/**
 * Has the browser keep this page, so that it opens without the node (`verify-worker.ts`). Where a browser cannot or will not,
 * nothing is lost but that.
 */
export async function keepPage(): Promise<void> {
  if (!("serviceWorker" in navigator)) return;
  const address = "verify-worker.js";
  const script = trusted()?.createScriptURL(address) ?? address;
  try {
    await navigator.serviceWorker.register(script as string, { scope: "verify" });
  } catch {
    // Not over https, or the reader's browser keeps nothing.
  }
}

interface ScriptPolicy {
  createScriptURL(address: string): unknown;
}

/** The page's policy runs no script by a mere text (Trusted Types); this one names the only script there is. */
function trusted(): ScriptPolicy | undefined {
  const { trustedTypes } = globalThis as {
    readonly trustedTypes?: {
      createPolicy(name: string, rules: ScriptPolicy): ScriptPolicy;
    };
  };
  return trustedTypes?.createPolicy("icl-verifier", {
    createScriptURL(address) {
      if (address !== "verify-worker.js") throw new TypeError("There is no other script.");
      return address;
    },
  });
}
