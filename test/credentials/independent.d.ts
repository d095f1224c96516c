declare module "@digitalbazaar/vc-bitstring-status-list" {
  interface List {
    readonly length: number;
    getStatus(index: number): boolean;
    setStatus(index: number, status: boolean): void;
    encode(): Promise<string>;
  }
  export function createList(options: { readonly length: number }): Promise<List>;
  export function decodeList(options: { readonly encodedList: string }): Promise<List>;
  export function checkStatus(options: Readonly<Record<string, unknown>>): Promise<{
    readonly verified: boolean;
    readonly results?: readonly { readonly status: boolean }[];
    readonly error?: Error;
  }>;
}
declare module "@digitalbazaar/vc" {
  export function _checkCredential(options: {
    readonly credential: Readonly<Record<string, unknown>>;
    readonly now: string;
  }): void;
}
declare module "@digitalbazaar/credentials-context" {
  export const contexts: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}
