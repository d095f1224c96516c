import { askJson } from "../../api/node-api.ts";
import { ago, count, gasPrice, money, short } from "./amounts.ts";
import type { Signers, SigningAccount } from "./answers.ts";
import { causeOf } from "./causes.ts";
import { FollowLine } from "./follow-line.tsx";
import { useFollowed } from "./follow.ts";
import { say, sayOf } from "./say.ts";
import { ScrollTable } from "./scroll-table.tsx";

const EVERY_MS = 5_000;

const askSigners = (signal: AbortSignal) => askJson<Signers>("operations/signers", { signal });

/** The accounts that sign: nonces, fees, and what is in flight. */
export function SignersPage() {
  const followed = useFollowed(askSigners, EVERY_MS);
  const { answer } = followed;
  return (
    <>
      <h1>{say("signers")}</h1>
      <FollowLine followed={followed} />
      {answer?.items.map(({ channel, name, network, accounts, failure }) => (
        <section key={channel} class="card" aria-label={name}>
          <h2>{name}</h2>
          <p class="hint">
            <code>{network}</code>
          </p>
          {accounts === null && <p>{failure === null ? say("cannot-say") : causeOf(failure).means}</p>}
          {worstFirst(accounts ?? []).map((account) => (
            <Account key={`${account.use} ${account.account}`} account={account} asOf={answer.asOf} />
          ))}
        </section>
      ))}
    </>
  );
}

function worstFirst(accounts: readonly SigningAccount[]): readonly SigningAccount[] {
  const rank = ({ low, failure }: SigningAccount) => (low ? 0 : failure === null ? 2 : 1);
  return accounts.toSorted((one, other) => rank(one) - rank(other));
}

function Account({ account, asOf }: { readonly account: SigningAccount; readonly asOf: string }) {
  const { ledger, low, failure, unit, nextNonce, inFlightTotal, spent, use } = account;
  return (
    <section class="account" aria-label={account.account}>
      <h3 class="row">
        {sayOf("use", use)}
        {low && <span class="badge bad">{say("low")}</span>}
      </h3>
      <p>
        <code>{account.account}</code>
      </p>
      {low && (
        <p class="notice bad" role="alert">
          {say("low-next", { count: count(ledger?.lastsFor ?? 0) })}
        </p>
      )}
      {failure !== null && (
        <p class="notice warn">
          <strong>{causeOf(failure).means}</strong> {say("stored-below")} <code>{failure}</code>
        </p>
      )}
      {use === "node" ? (
        <p class="hint">{say("use-node-text")}</p>
      ) : (
        <>
          <dl class="facts">
            <dt>{say("balance")}</dt>
            <dd>
              {ledger === null ? say("unknown") : money(ledger.balance, unit)}
              {ledger !== null && (
                <div class="hint">
                  {ledger.lastsFor === null ? say("free") : say("lasts", { count: count(ledger.lastsFor) })}
                </div>
              )}
            </dd>
            <dt>{say("nonces")}</dt>
            <dd>
              {say("nonces-are", {
                here: nextNonce === null ? "–" : count(nextNonce),
                there: ledger?.nonce === null || ledger === null ? "–" : count(ledger.nonce),
              })}
              <div class="hint">{nonceWords(nextNonce, ledger?.nonce ?? null)}</div>
            </dd>
            <dt>{say("spent")}</dt>
            <dd>
              {spent === null
                ? say("unknown")
                : say(spent.complete ? "spent-is" : "spent-at-least", {
                    amount: money(spent.amount, unit),
                    count: count(spent.transactions),
                  })}
            </dd>
            <dt>{say("in-flight")}</dt>
            <dd>{inFlightTotal === 0 ? say("nothing") : count(inFlightTotal)}</dd>
          </dl>
          <InFlight account={account} asOf={asOf} />
        </>
      )}
    </section>
  );
}

function nonceWords(here: number | null, there: number | null): string {
  if (here === null || there === null) return "";
  if (here === there) return say("nonces-even");
  return here > there ? say("nonces-ahead", { count: count(here - there) }) : say("nonces-behind");
}

function InFlight({ account, asOf }: { readonly account: SigningAccount; readonly asOf: string }) {
  const { inFlight, inFlightTotal } = account;
  if (inFlight.length === 0) return null;
  const now = Date.parse(asOf);
  return (
    <ScrollTable
      label={say("in-flight")}
      caption={
        inFlightTotal > inFlight.length
          ? say("first-of", { shown: count(inFlight.length), count: count(inFlightTotal) })
          : say("in-flight-text")
      }
      heads={[say("nonce"), say("state"), say("signed"), say("price"), say("raises"), say("transaction")]}
    >
      {inFlight.map(({ nonce, txn, since, raises, price, included }) => (
        <tr key={nonce}>
          <td>{count(nonce)}</td>
          <td>{included ? say("included") : say("not-included")}</td>
          <td>{ago(since, now)}</td>
          <td>{gasPrice(price)}</td>
          <td>{count(raises)}</td>
          <td>
            <code title={txn}>{short(txn)}</code>
          </td>
        </tr>
      ))}
    </ScrollTable>
  );
}
