// What every interop server counts: requests by method and endpoint, from the moment of /_reset on.
// GET /_counts answers {"total", "reads", "writes", "by": {"GET /Users": n, ...}}.
export class Counter {
  constructor() {
    this.reset();
  }
  reset() {
    this.by = {};
    this.reads = 0;
    this.writes = 0;
  }
  count(method, path) {
    const match = /\/(Users|Groups|ServiceProviderConfig|Schemas|ResourceTypes)(\/[^/?]+)?/.exec(path);
    const endpoint = match ? `/${match[1]}${match[2] ? "/{id}" : ""}` : path;
    const key = `${method} ${endpoint}`;
    this.by[key] = (this.by[key] ?? 0) + 1;
    if (method === "GET" || method === "HEAD") this.reads += 1;
    else this.writes += 1;
  }
  report() {
    return { total: this.reads + this.writes, reads: this.reads, writes: this.writes, by: this.by };
  }
}
