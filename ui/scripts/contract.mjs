// Writes src/contract.ts from the contract of the HTTP API, so that a change there is a type error here.
import { readFileSync, writeFileSync, existsSync } from "node:fs";
import { parse } from "yaml";

const source = "../src/main/resources/openapi.yaml";
const target = "src/contract.ts";
const { components } = parse(readFileSync(source, "utf8"));

const nameOf = (ref) => ref.split("/").at(-1);
const literal = (value) => JSON.stringify(value);

/** The TypeScript of one schema; what it cannot express (patterns, lengths) stays a comment in the contract. */
function typeOf(schema) {
  if (schema.$ref) return nameOf(schema.$ref);
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(" | ");
  if (schema.oneOf) return schema.oneOf.map(typeOf).join(" | ");
  if (schema.allOf) return schema.allOf.map(typeOf).map((part) => `(${part})`).join(" & ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(" | ");
  switch (schema.type) {
    case "null": return "null";
    case "integer": case "number": return "number";
    case "boolean": return "boolean";
    case "array": return `(${typeOf(schema.items)})[]`;
    case "object": return objectOf(schema);
    default: return "string";
  }
}

function objectOf({ properties, required = [], additionalProperties }) {
  if (!properties) return `Record<string, ${additionalProperties?.type ? typeOf(additionalProperties) : "unknown"}>`;
  const fields = Object.entries(properties).map(
    ([name, schema]) => `${literal(name)}${required.includes(name) ? "" : "?"}: ${typeOf(schema)};`,
  );
  return `{ ${fields.join(" ")} }`;
}

const types = Object.entries(components.schemas).map(([name, schema]) => {
  const doc = schema.description ? `/** ${schema.description.trim().replaceAll("*/", "")} */\n` : "";
  return `${doc}export type ${name} = ${typeOf(schema)};\n`;
});
const text = `// Written by scripts/contract.mjs from openapi.yaml; do not edit.\n${types.join("")}`;
if (!existsSync(target) || readFileSync(target, "utf8") !== text) writeFileSync(target, text);
