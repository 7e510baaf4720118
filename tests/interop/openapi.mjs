// An OpenAPI 3.0 document as a contract: says of a recorded exchange (recording_proxy.mjs) what in
// it the document does not allow. Loading fails where a reference leads nowhere, so that a document
// that was cut or renamed checks nothing silently.
import fs from "node:fs";
import Ajv2019 from "ajv/dist/2019.js";

const METHODS = ["get", "put", "post", "delete", "patch", "head", "options"];
const TYPES = ["object", "array", "string", "number", "integer", "boolean", "null"];

// OpenAPI 3.0 says "nullable" and boolean exclusive limits where JSON Schema has types and numbers.
function toJsonSchema(node) {
  if (Array.isArray(node)) return node.map(toJsonSchema);
  if (node === null || typeof node !== "object") return node;
  const result = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === "example" || key === "examples" || key === "discriminator") continue;
    result[key] = toJsonSchema(value);
  }
  // A schema's name in place of a type, as one of these documents has it.
  if (typeof result.type === "string" && !TYPES.includes(result.type)) {
    return { $ref: `#/components/schemas/${result.type}` };
  }
  for (const [flag, limit] of [["exclusiveMinimum", "minimum"], ["exclusiveMaximum", "maximum"]]) {
    if (typeof result[flag] !== "boolean") continue;
    if (result[flag]) {
      result[flag] = result[limit];
      delete result[limit];
    } else {
      delete result[flag];
    }
  }
  if (result.nullable !== true) return result;
  delete result.nullable;
  return { anyOf: [result, { type: "null" }] };
}

function lookUp(document, reference) {
  if (!reference.startsWith("#/")) return undefined;
  return reference
    .slice(2)
    .split("/")
    .map((part) => decodeURIComponent(part).replaceAll("~1", "/").replaceAll("~0", "~"))
    .reduce((node, part) => (node === undefined || node === null ? undefined : node[part]), document);
}

function assertReferencesLeadSomewhere(document, file) {
  const open = [document];
  while (open.length > 0) {
    const node = open.pop();
    if (node === null || typeof node !== "object") continue;
    if (typeof node.$ref === "string" && lookUp(document, node.$ref) === undefined) {
      throw new Error(`${file}: the reference ${node.$ref} leads nowhere`);
    }
    open.push(...Object.values(node));
  }
}

function resolved(document, node) {
  return node && typeof node.$ref === "string" ? lookUp(document, node.$ref) : node;
}

function toPattern(path) {
  const escaped = path
    .split(/\{[^}]*\}/)
    .map((part) => part.replace(/[.*+?^$()|[\]\\]/g, "\\$&"))
    .join("([^/]+)");
  return new RegExp(`^${escaped}$`);
}

export class Contract {
  // `file`: the document; `name`: for messages.
  constructor(file, name) {
    this.name = name;
    this.document = JSON.parse(fs.readFileSync(file, "utf8"));
    assertReferencesLeadSomewhere(this.document, file);
    const base = new URL(this.document.servers[0].url).pathname.replace(/\/$/, "");
    this.ajv = new Ajv2019({ strict: false, validateFormats: false, allErrors: true });
    this.ajv.addSchema({ $id: name, components: toJsonSchema(this.document.components ?? {}) });
    this.validators = new Map();
    this.operations = [];
    for (const [path, item] of Object.entries(this.document.paths)) {
      for (const method of METHODS.filter((name) => item[name])) {
        this.operations.push({
          method: method.toUpperCase(),
          path: base + path,
          pattern: toPattern(base + path),
          placeholders: path.split("{").length,
          definition: item[method],
          parameters: [...(item.parameters ?? []), ...(item[method].parameters ?? [])].map((node) =>
            resolved(this.document, node),
          ),
        });
      }
    }
    // "/users/count" before "/users/{id}".
    this.operations.sort((a, b) => a.placeholders - b.placeholders);
  }

  // The operation that a request is, or undefined.
  find(method, path) {
    return this.operations.find((one) => one.method === method && one.pattern.test(path));
  }

  // Every sentence is something that the document does not allow.
  judge(exchange) {
    const url = new URL(exchange.target, "http://twin");
    const operation = this.find(exchange.method, url.pathname);
    if (!operation) return [`${exchange.method} ${url.pathname} is not in ${this.name}`];
    const where = `${exchange.method} ${operation.path}`;
    return [
      ...this.#judgeQuery(operation, url.searchParams),
      ...this.#judgeRequest(operation, exchange),
      ...this.#judgeAnswer(operation, exchange),
    ].map((problem) => `${where}: ${problem}`);
  }

  #judgeQuery(operation, query) {
    const known = operation.parameters.filter((one) => one.in === "query");
    const problems = [...query.keys()]
      .filter((name) => !known.some((one) => one.name === name))
      .map((name) => `the parameter ${name} is not known`);
    for (const one of known) {
      if (one.required && !query.has(one.name)) problems.push(`${one.name} is missing`);
      for (const text of query.getAll(one.name)) {
        const schema = resolved(this.document, one.schema) ?? {};
        const type = schema.type === "array" ? resolved(this.document, schema.items)?.type : schema.type;
        if (type === "integer" && !/^-?\d+$/.test(text)) {
          problems.push(`${one.name}=${text} is no whole number`);
        }
        const limits = schema.type === "integer" ? schema : {};
        if (limits.maximum !== undefined && Number(text) > limits.maximum) {
          problems.push(`${one.name}=${text} is above ${limits.maximum}`);
        }
        const words = (schema.type === "array" ? resolved(this.document, schema.items) : schema)?.enum;
        if (words && !words.includes(text)) problems.push(`${one.name}=${text} is not a word of it`);
      }
    }
    return problems;
  }

  #judgeRequest(operation, exchange) {
    const body = resolved(this.document, operation.definition.requestBody);
    if (exchange.requestBody === "") {
      return body?.required ? ["a body is missing"] : [];
    }
    if (!body) return ["a body is sent where none belongs"];
    const media = this.#mediaFor(body.content, exchange.requestType);
    if (!media) return [`the type ${exchange.requestType} is not one of ${Object.keys(body.content)}`];
    return this.#validate(media.schema, exchange.requestBody, "the request", true);
  }

  #judgeAnswer(operation, exchange) {
    const answers = operation.definition.responses;
    const answer = resolved(this.document, answers[exchange.status] ?? answers.default);
    if (!answer) return [`the status ${exchange.status} is not one of ${Object.keys(answers)}`];
    if (exchange.responseBody === "") return [];
    const media = this.#mediaFor(answer.content ?? {}, exchange.responseType);
    if (!media) return [`${exchange.status} comes with a body of ${exchange.responseType}`];
    return this.#validate(media.schema, exchange.responseBody, `the answer ${exchange.status}`, false);
  }

  #mediaFor(content, type) {
    const bare = (type ?? "").split(";")[0].trim().toLowerCase();
    return content[bare] ?? content["*/*"];
  }

  // `closed`: properties that the document does not know are an error.
  #validate(schema, text, what, closed) {
    if (!schema) return [];
    let value;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return [`${what} is no JSON: ${error.message}`];
    }
    const key = JSON.stringify(schema) + closed;
    if (!this.validators.has(key)) {
      const own = JSON.parse(
        JSON.stringify(toJsonSchema(schema)).replaceAll('"$ref":"#/', `"$ref":"${this.name}#/`),
      );
      this.validators.set(
        key,
        this.ajv.compile(closed ? { allOf: [own], unevaluatedProperties: false } : own),
      );
    }
    const validate = this.validators.get(key);
    if (validate(value)) return [];
    return validate.errors.map(
      (error) => `${what}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`,
    );
  }
}
