import type { MessageRecord } from "../../src/messages/message-record.ts";
import type { Officer } from "../e2e/officer.ts";

/** Every message that a node shows, page by page. */
export async function allMessages(officer: Officer, query = ""): Promise<readonly MessageRecord[]> {
  const found: MessageRecord[] = [];
  for (let after = ""; ;) {
    const response = await officer.request(`/messages?limit=1000${query}${after}`);
    const page = (await response.json()) as { items: MessageRecord[]; next?: string | null };
    if (response.status !== 200) throw new Error(`The list was refused: ${JSON.stringify(page)}`);
    found.push(...page.items);
    if (page.next === undefined || page.next === null) return found;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
}
