// The calls that rollcall uses, written down by hand: what each request and each answer must hold,
// and nothing that we do not rely on. Used where the vendor's documents are not at hand, and beside
// them. Sources: RFC 7643 and 7644; Atlassian's documentation of the admin APIs and of Jira.
import Ajv2019 from "ajv/dist/2019.js";

const ajv = new Ajv2019({ allErrors: true, allowUnionTypes: true });
const text = { type: "string", minLength: 1 };
const object = (required, properties, closed = false) => ({
  type: "object",
  required,
  properties,
  ...(closed ? { additionalProperties: false } : {}),
});
const listOf = (items) => ({ type: "array", items });

const scimList = (item) =>
  object(["schemas", "totalResults", "Resources"], {
    schemas: { const: ["urn:ietf:params:scim:api:messages:2.0:ListResponse"] },
    totalResults: { type: "integer", minimum: 0 },
    startIndex: { type: "integer", minimum: 1 },
    itemsPerPage: { type: "integer", minimum: 0 },
    Resources: listOf(item),
  });
const scimUser = object(["id", "userName"], {
  id: text,
  userName: text,
  active: { type: "boolean" },
  externalId: { type: "string" },
  emails: listOf(object(["value"], { value: text })),
});
const scimGroup = object(["id", "displayName"], {
  id: text,
  displayName: text,
  members: listOf(object(["value"], { value: text })),
});
const patchOf = (operation) =>
  object(
    ["schemas", "Operations"],
    {
      schemas: { const: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"] },
      Operations: { type: "array", minItems: 1, items: operation },
    },
    true,
  );
const setActive = object(
  ["op", "path", "value"],
  { op: { const: "replace" }, path: { const: "active" }, value: { type: "boolean" } },
  true,
);
const changeMembers = object(
  ["op", "path"],
  {
    op: { enum: ["add", "remove"] },
    path: { type: "string", pattern: "^members" },
    value: { type: "array", maxItems: 1000, items: object(["value"], { value: text }) },
  },
  true,
);

const cursor = { type: ["string", "null"] };
const links = { type: "object", properties: { next: cursor } };
const page = (item) => object(["data"], { data: listOf(item), links });
const orgDirectory = object(["directoryId"], { directoryId: text, name: { type: "string" } });
const orgUser = object(["accountId", "accountStatus", "claimStatus"], {
  accountId: text,
  accountType: text,
  accountStatus: { enum: ["active", "inactive", "closed"] },
  membershipStatus: { enum: ["active", "suspended", "no_membership"] },
  status: { enum: ["active", "suspended", "not_invited", "deactivated", "for_deletion"] },
  claimStatus: { enum: ["managed", "unmanaged"] },
  email: { type: "string" },
  platformRoles: listOf(text),
});
const orgGroup = object(["id", "name", "directoryId"], {
  id: text,
  name: text,
  directoryId: text,
  externalSynced: { type: "boolean" },
  managementAccess: object([], { modifiable: { type: "boolean" } }),
});
const managedAccount = object(["account_id", "account_status"], {
  account_id: text,
  account_status: { enum: ["active", "inactive", "closed"] },
});
const assignment = object(["resourceId", "userDirectoryStatus"], {
  directoryId: { type: ["string", "null"] },
  userDirectoryStatus: { enum: ["active", "suspended", "no_membership"] },
});
const privileges = object(["lifecycle.enablement"], {
  "lifecycle.enablement": object(["allowed"], {
    allowed: { type: "boolean" },
    reason: object(["key"], { key: text }),
  }),
});
const search = (filters) =>
  object(
    [],
    {
      limit: { type: "integer", minimum: 1, maximum: 100 },
      cursor: text,
      expand: listOf(text),
      ...filters,
    },
    true,
  );
// The links of SCIM records: in none of the published documents, known from clients.
export const PROVISIONING = "/admin/user-provisioning/v1/org/";
const scimLinks = object(["scimLinks"], {
  scimLinks: listOf(
    object(["scimUserId", "atlassianAccountId", "orgId", "directoryId"], {
      scimUserId: text,
      atlassianAccountId: { type: ["string", "null"] },
      orgId: text,
      directoryId: text,
    }),
  ),
});
const directories = "/admin/v2/orgs/*/directories";
const jiraUser = object(["accountId", "accountType", "active"], {
  accountId: text,
  accountType: { enum: ["atlassian", "app", "customer", "unknown"] },
  active: { type: "boolean" },
  displayName: { type: "string" },
  emailAddress: text,
});
const jiraGroup = object(["groupId", "name"], { groupId: text, name: text });
const jiraPage = (item) =>
  object(["startAt", "maxResults", "total", "isLast", "values"], {
    startAt: { type: "integer", minimum: 0 },
    maxResults: { type: "integer", minimum: 1 },
    total: { type: "integer", minimum: 0 },
    isLast: { type: "boolean" },
    values: listOf(item),
  });
const permission = object(["havePermission"], { havePermission: { type: "boolean" } });

// `query`: the parameters that may be there. `answer` by status; null: no body.
const CALLS = [
  { call: "GET /scim/directory/*/ServiceProviderConfig", answer: { 200: { type: "object" } } },
  {
    call: "GET /scim/directory/*/Users",
    query: ["startIndex", "count", "filter", "attributes", "excludedAttributes"],
    answer: { 200: scimList(scimUser) },
  },
  {
    call: "GET /scim/directory/*/Groups",
    query: ["startIndex", "count", "filter", "attributes", "excludedAttributes"],
    answer: { 200: scimList(scimGroup) },
  },
  {
    call: "GET /scim/directory/*/Users/*",
    answer: { 200: scimUser, 404: object(["schemas"], {}) },
  },
  {
    call: "GET /scim/directory/*/Groups/*",
    query: ["attributes", "excludedAttributes"],
    answer: { 200: scimGroup },
  },
  {
    call: "PATCH /scim/directory/*/Users/*",
    request: patchOf(setActive),
    answer: { 200: scimUser },
  },
  {
    call: "PATCH /scim/directory/*/Groups/*",
    request: patchOf(changeMembers),
    answer: { 200: scimGroup },
  },
  { call: `GET ${directories}`, query: ["cursor", "limit"], answer: { 200: page(orgDirectory) } },
  { call: "GET /admin/v1/orgs/*/users", query: ["cursor"], answer: { 200: page(managedAccount) } },
  {
    call: `POST ${directories}/*/users/search`,
    request: search({
      accountIds: { type: "array", maxItems: 10, items: text },
      groupIds: { type: "array", maxItems: 10, items: text },
      directoryIds: { type: "array", maxItems: 10, items: text },
      claimStatus: { type: "array", items: text },
      membershipStatus: { type: "array", items: text },
    }),
    answer: { 200: page(orgUser) },
  },
  {
    call: `POST ${directories}/*/groups/search`,
    request: search({ directoryIds: { type: "array", maxItems: 10, items: text } }),
    answer: { 200: page(orgGroup) },
  },
  {
    call: `GET ${directories}/*/users/count`,
    query: ["directoryIds"],
    answer: { 200: object(["count"], { count: { type: "integer", minimum: 0 } }) },
  },
  {
    call: `GET ${directories}/*/users/*/role-assignments`,
    query: ["cursor", "limit"],
    answer: { 200: page(assignment) },
  },
  {
    call: `GET ${directories}/*/users/*`,
    answer: { 200: object(["data"], { data: orgUser }), 404: object(["errors"], {}) },
  },
  { call: `POST ${directories}/*/users/*/suspend`, answer: { 204: null } },
  { call: `POST ${directories}/*/users/*/restore`, answer: { 204: null } },
  {
    call: `POST ${directories}/*/groups/*/memberships`,
    request: object(["accountId"], { accountId: text }, true),
    answer: { 204: null },
  },
  { call: `DELETE ${directories}/*/groups/*/memberships/*`, answer: { 204: null } },
  { call: "GET /users/*/manage", query: ["privileges"], answer: { 200: privileges } },
  {
    call: "POST /users/*/manage/lifecycle/disable",
    request: object([], { message: text }, true),
    answer: { 204: null },
  },
  { call: "POST /users/*/manage/lifecycle/enable", answer: { 204: null } },
  {
    call: "GET /users/*/manage/api-tokens",
    answer: { 200: listOf(object(["id", "label"], { id: text, label: text, createdAt: text })) },
  },
  { call: `GET ${PROVISIONING}*/user/*/get-scim-links`, answer: { 200: scimLinks } },
  {
    call: `POST ${PROVISIONING}*/get-scim-links-for-email`,
    request: object(["email"], { email: text }, true),
    answer: { 200: scimLinks },
  },
  // What it answers is not known: any success counts.
  { call: `PATCH ${PROVISIONING}*/scimDirectoryId/*/scimUserId/*/unlink`, answer: { 204: null } },
  { call: `DELETE ${PROVISIONING}*/user/*/onlyDeleteUserInDB`, answer: { 204: null } },
  { call: "GET /rest/api/3/myself", answer: { 200: jiraUser } },
  {
    call: "GET /rest/api/3/mypermissions",
    query: ["permissions"],
    answer: {
      200: object(["permissions"], {
        permissions: object(["ADMINISTER", "USER_PICKER"], {
          ADMINISTER: permission,
          USER_PICKER: permission,
        }),
      }),
    },
  },
  {
    call: "GET /rest/api/3/users/search",
    query: ["startAt", "maxResults"],
    answer: { 200: listOf(jiraUser) },
  },
  {
    call: "GET /rest/api/3/group/bulk",
    query: ["startAt", "maxResults", "groupId", "groupName"],
    answer: { 200: jiraPage(jiraGroup) },
  },
  {
    call: "GET /rest/api/3/group/member",
    query: ["groupId", "includeInactiveUsers", "startAt", "maxResults"],
    answer: { 200: jiraPage(jiraUser) },
  },
  { call: "GET /rest/api/3/user", query: ["accountId"], answer: { 200: jiraUser } },
  {
    call: "GET /rest/api/3/user/groups",
    query: ["accountId"],
    answer: { 200: listOf(jiraGroup) },
  },
  {
    call: "POST /rest/api/3/group/user",
    query: ["groupId"],
    request: object(["accountId"], { accountId: text }, true),
    answer: { 201: jiraGroup },
  },
  {
    call: "DELETE /rest/api/3/group/user",
    query: ["groupId", "accountId"],
    answer: { 200: null },
  },
  {
    call: "POST /rest/api/3/user",
    request: object(["emailAddress", "products"], { emailAddress: text, products: listOf(text) }, true),
    answer: { 201: jiraUser },
  },
  { call: "DELETE /rest/api/3/user", query: ["accountId"], answer: { 204: null } },
].map(({ call, query = [], request, answer }) => {
  const [method, path] = call.split(" ");
  return {
    call,
    method,
    pattern: new RegExp(`^${path.replaceAll("*", "[^/]+")}$`),
    query,
    request: request && ajv.compile(request),
    answer: Object.fromEntries(
      Object.entries(answer).map(([status, schema]) => [status, schema && ajv.compile(schema)]),
    ),
  };
});

function judgeBody(validate, body, what) {
  if (!validate) return body === "" ? [] : [`${what} has a body where none belongs`];
  let value;
  try {
    value = JSON.parse(body);
  } catch (error) {
    return [`${what} is no JSON: ${error.message}`];
  }
  if (validate(value)) return [];
  return validate.errors.map(
    (error) => `${what}${error.instancePath}: ${error.message} ${JSON.stringify(error.params)}`,
  );
}

// Every sentence is something in the exchange (recording_proxy.mjs) that does not belong there.
export function judgeByHand(exchange) {
  const url = new URL(exchange.target, "http://twin");
  const known = CALLS.find(
    (one) => one.method === exchange.method && one.pattern.test(url.pathname),
  );
  if (!known) return [`${exchange.method} ${url.pathname} is none of the calls that are used`];
  const problems = [...url.searchParams.keys()]
    .filter((name) => !known.query.includes(name))
    .map((name) => `the parameter ${name} is not one of ours`);
  problems.push(...judgeBody(known.request, exchange.requestBody, "the request"));
  if (exchange.status in known.answer) {
    problems.push(
      ...judgeBody(known.answer[exchange.status], exchange.responseBody, "the answer"),
    );
  } else {
    problems.push(`the status ${exchange.status} was not expected`);
  }
  return problems.map((problem) => `${known.call}: ${problem}`);
}
