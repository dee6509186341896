import { expect, test } from "@playwright/test";
import { existsSync, readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

/** What went over the wire, signed by Redrive, and each secret with which it says that it signed. */
interface Signed {
  headers: Record<string, string>;
  body: string;
  secrets: string[];
}

const written = new URL("../../../target/signed-deliveries.ndjson", import.meta.url);
const other = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const present = Date.now;

function signed(secrets: number): Signed {
  expect(existsSync(written), "./mvnw test -Dtest=EndpointRoutesTest -Dui.skip=true writes them").toBe(true);
  const all = readFileSync(written, "utf8").trimEnd().split("\n").map((line) => JSON.parse(line) as Signed);
  const found = all.find((one) => one.secrets.length === secrets);
  expect(found, `a delivery with ${secrets} signatures`).toBeDefined();
  // The build gets here minutes later, and the library takes nothing that is older than five.
  Date.now = () => Number(found!.headers["webhook-timestamp"]) * 1_000 + 1_000;
  return found!;
}

test.afterEach(() => {
  Date.now = present;
});

test("a delivery is taken by the reference library", () => {
  const { headers, body, secrets } = signed(1);
  expect(new Webhook(secrets[0]!).verify(body, headers)).toMatchObject({ specversion: "1.0", id: headers["webhook-id"] });
});

test("a delivery is refused with another secret", () => {
  const { headers, body } = signed(1);
  expect(() => new Webhook(other).verify(body, headers)).toThrow("No matching signature found");
});

test("a delivery is refused with one byte, its id or its time altered", () => {
  const { headers, body, secrets } = signed(1);
  const hook = new Webhook(secrets[0]!);
  const later = String(Number(headers["webhook-timestamp"]) + 1);
  expect(() => hook.verify(body.replace("webhook.test", "webhook.tesT"), headers)).toThrow("No matching signature found");
  expect(() => hook.verify(body, { ...headers, "webhook-id": `${headers["webhook-id"]}0` })).toThrow("No matching signature found");
  expect(() => hook.verify(body, { ...headers, "webhook-timestamp": later })).toThrow("No matching signature found");
});

test("a delivery during a rotation is taken with the new secret and with the old one", () => {
  const { headers, body, secrets } = signed(2);
  expect(headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  for (const secret of secrets) expect(new Webhook(secret).verify(body, headers)).toMatchObject({ specversion: "1.0" });
  expect(() => new Webhook(other).verify(body, headers)).toThrow("No matching signature found");
});
