// A proxy on the loopback interface that passes everything on to one server and remembers it:
//   const proxy = await RecordingProxy.start("http://127.0.0.1:4711");
//   proxy.url; proxy.exchanges; await proxy.stop();
// An exchange is {method, target, requestType, requestBody, status, responseType, responseBody}.
import http from "node:http";

async function read(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export class RecordingProxy {
  static async start(upstream) {
    const proxy = new RecordingProxy(new URL(upstream));
    await new Promise((resolve) => proxy.server.listen(0, "127.0.0.1", resolve));
    proxy.url = `http://127.0.0.1:${proxy.server.address().port}`;
    return proxy;
  }

  constructor(upstream) {
    this.upstream = upstream;
    this.exchanges = [];
    this.server = http.createServer((request, response) => {
      this.#pass(request, response).catch((error) => {
        response.statusCode = 502;
        response.end(error.message);
      });
    });
  }

  async #pass(request, response) {
    const requestBody = await read(request);
    // What is recorded should be legible.
    const { "accept-encoding": _, ...headers } = request.headers;
    const answer = await new Promise((resolve, reject) => {
      const onward = http.request(
        {
          host: this.upstream.hostname,
          port: this.upstream.port,
          method: request.method,
          path: request.url,
          headers,
        },
        resolve,
      );
      onward.once("error", reject);
      onward.end(requestBody);
    });
    const responseBody = await read(answer);
    this.exchanges.push({
      method: request.method,
      target: request.url,
      requestType: request.headers["content-type"] ?? "",
      requestBody: requestBody.toString("utf8"),
      status: answer.statusCode,
      responseType: answer.headers["content-type"] ?? "",
      responseBody: responseBody.toString("utf8"),
    });
    response.writeHead(answer.statusCode, answer.headers);
    response.end(responseBody);
  }

  stop() {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(resolve));
  }
}
