// Node 18, which Debian 12 has, keeps Web Crypto away from the global scope, where newer ones have it
// and better-auth looks for it. To be imported before anything that needs it.
import { webcrypto } from "node:crypto";

globalThis.crypto ??= webcrypto;
