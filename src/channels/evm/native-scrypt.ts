import { scrypt as derive } from "node:crypto";

import { scrypt } from "ethers";

let used = false;

/**
 * Has the library derive keys by the platform's own scrypt: several times as fast as its own, and on another thread, so that
 * a node that opens a keystore goes on answering.
 */
export function useNativeScrypt(): void {
  if (used) return;
  used = true;
  scrypt.register(
    (password, salt, N, r, p, length) =>
      new Promise((resolve, reject) => {
        // Its own bound of memory is meant for smaller parameters; ours are judged before.
        const options = { N, r, p, maxmem: 256 * N * r + 1024 * r * p };
        derive(password, salt, length, options, (error, key) => {
          if (error === null) resolve(new Uint8Array(key));
          else reject(error);
        });
      }),
  );
}
