#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
// check.mjs LIBRARIES PAYLOADS: every PAYLOADS/<kind>-<case>.json against the library of its service, from npm.
// Types by TypeScript (unknown members are errors), Discord's builders with their validators, Adaptive Cards' parser.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const [libraries, payloads] = process.argv.slice(2);
const require = createRequire(path.join(libraries, "package.json"));
const files = fs.readdirSync(payloads).filter((name) => name.endsWith(".json")).sort();
const read = (name) => JSON.parse(fs.readFileSync(path.join(payloads, name), "utf8"));
let faults = 0;
const checked = {};
const fault = (name, what) => { faults += 1; console.error(`${name}: ${what}`); };
const count = (kind) => { checked[kind] = (checked[kind] ?? 0) + 1; };

// The type that a payload has in its service's own library.
const types = {
  slack: "IncomingWebhookSendArguments & { blocks: KnownBlock[] }",
  discord: "RESTPostAPIWebhookWithTokenJSONBody",
  telegram: "Parameters<ApiMethods<never>['sendMessage']>[0]",
  "pagerduty-trigger": "EventPayloadV2 & { client?: string; client_url?: string }",
  "pagerduty-resolve": "Omit<EventPayloadV2, 'payload'>",
  "pagerduty-change": "Omit<ChangePayload, 'links'> & { links?: ChangePayload['links'] }",
};
const source = [
  'import type { IncomingWebhookSendArguments } from "@slack/webhook";',
  'import type { KnownBlock } from "@slack/types";',
  'import type { RESTPostAPIWebhookWithTokenJSONBody } from "discord-api-types/v10";',
  'import type { ApiMethods } from "@grammyjs/types";',
  'import type { EventPayloadV2, ChangePayload } from "@pagerduty/pdjs/build/src/events";',
];
const lines = [];
for (const name of files) {
  const kind = Object.keys(types).find((one) => name.startsWith(one));
  if (!kind) continue;
  lines[source.length + 1] = name;
  source.push(`(${JSON.stringify(read(name))}) satisfies ${types[kind]};`);
  count(`types of ${kind}`);
}
const ts = require("typescript");
const main = path.join(libraries, "payloads.ts");
fs.writeFileSync(main, source.join("\n"));
const program = ts.createProgram([main], {
  strict: true, noEmit: true, skipLibCheck: true, target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16, types: ["node"], typeRoots: [path.join(libraries, "node_modules/@types")],
});
for (const one of ts.getPreEmitDiagnostics(program)) {
  const line = one.file ? one.file.getLineAndCharacterOfPosition(one.start).line + 1 : 0;
  fault(lines[line] ?? one.file?.fileName ?? "types", ts.flattenDiagnosticMessageText(one.messageText, "\n").slice(0, 600));
}

const { EmbedBuilder } = require("@discordjs/builders");
const { AdaptiveCard, SerializationContext, Versions } = require("adaptivecards/dist/adaptivecards.min.js");
for (const name of files) {
  const payload = read(name);
  try {
    if (name.startsWith("discord")) {
      for (const embed of payload.embeds) {
        const built = new EmbedBuilder().setTitle(embed.title).setColor(embed.color).setTimestamp(new Date(embed.timestamp))
          .setFooter(embed.footer).setFields(embed.fields).setURL(embed.url ?? null);
        if (built.length > 6000) fault(name, `${built.length} characters in an embed`);
        count("@discordjs/builders");
      }
    } else if (name.startsWith("teams") && payload.type === "message") {
      for (const { content } of payload.attachments) {
        const context = new SerializationContext(Versions.v1_4);
        const card = new AdaptiveCard();
        card.parse(content, context);
        for (let i = 0; i < context.eventCount; ++i) fault(name, context.getEventAt(i).message);
        for (const failure of card.validateProperties().validationEvents) fault(name, failure.message);
        if (card.getItemCount() !== content.body.length || card.getActionCount() !== (content.actions ?? []).length)
          fault(name, "the parser dropped elements");
        count("adaptivecards");
      }
    }
  } catch (error) {
    fault(name, error.message);
  }
}
console.log(JSON.stringify(checked));
process.exit(faults === 0 && Object.keys(checked).length === Object.keys(types).length + 2 ? 0 : 1);
