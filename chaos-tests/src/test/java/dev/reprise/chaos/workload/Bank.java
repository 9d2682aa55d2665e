package dev.reprise.chaos.workload;

import dev.reprise.chaos.check.BankCheck;
import dev.reprise.chaos.check.Verdict;
import dev.reprise.chaos.history.Act;
import dev.reprise.sdk.Context;
import dev.reprise.sdk.Handler;
import dev.reprise.sdk.ObjectContext;
import dev.reprise.sdk.Options;
import dev.reprise.sdk.Service;
import dev.reprise.sdk.Shared;
import dev.reprise.sdk.SharedObjectContext;
import dev.reprise.sdk.StateKey;
import dev.reprise.sdk.Target;
import dev.reprise.sdk.VirtualObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Transfers between accounts of all partitions: calls between handlers, each once. */
public final class Bank implements Workload {
  private static final int ACCOUNTS = 8;
  private static final int AT_FIRST = 100;
  private static final int MOST = 30;

  private final AtomicInteger drawn = new AtomicInteger();

  /** An account; never below zero. */
  @VirtualObject("account")
  @Options(
      // What was done is forgotten at once: then only the partition that takes it knows.
      journalRetention = "PT0S",
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Account {
    private static final StateKey<Long> AMOUNT = StateKey.of("amount", Long.class);

    @Handler
    public void deposit(ObjectContext ctx, long amount) {
      ctx.set(AMOUNT, ctx.get(AMOUNT).orElse(0L) + amount);
    }

    @Handler
    public boolean withdraw(ObjectContext ctx, long amount) {
      long rest = ctx.get(AMOUNT).orElse(0L) - amount;
      if (rest < 0) {
        return false;
      }
      ctx.set(AMOUNT, rest);
      return true;
    }

    @Shared
    public long balance(SharedObjectContext ctx) {
      return ctx.get(AMOUNT).orElse(0L);
    }
  }

  /** Moves money. */
  @Service("bank")
  @Options(
      inactivityTimeout = "PT0.2S",
      retry =
          @Options.Retry(initialInterval = "PT0.05S", maxInterval = "PT0.5S", maxAttempts = 9999))
  static class Transfers {
    record Order(String from, String to, long amount) {}

    @Handler
    public boolean transfer(Context ctx, Order order) {
      Target from = Target.object("account", order.from(), "withdraw");
      if (!ctx.call(from, order.amount(), Boolean.class)) {
        return false;
      }
      ctx.call(Target.object("account", order.to(), "deposit"), order.amount(), Void.class);
      return true;
    }
  }

  @Override
  public String name() {
    return "bank";
  }

  @Override
  public List<Class<?>> services() {
    return List.of(Account.class, Transfers.class);
  }

  private static String account(int number) {
    return "a" + number;
  }

  @Override
  public void prepare(Client client) {
    for (int i = 0; i < ACCOUNTS; i++) {
      String account = account(i);
      Ask deposit =
          Ask.post("account/" + account + "/deposit", Integer.toString(AT_FIRST))
              .meaning(any -> "")
              .key("open-" + account);
      client.untilDone(name(), name(), "open", account + "," + AT_FIRST, deposit);
    }
  }

  @Override
  public void turn(Client client) {
    int from = client.random().nextInt(ACCOUNTS);
    int to = (from + 1 + client.random().nextInt(ACCOUNTS - 1)) % ACCOUNTS;
    int amount = 1 + client.random().nextInt(MOST);
    String name = "t" + drawn.incrementAndGet();
    String input = String.join(",", name, account(from), account(to), Integer.toString(amount));
    String json =
        "{\"from\":\"%s\",\"to\":\"%s\",\"amount\":%d}"
            .formatted(account(from), account(to), amount);
    Ask transfer = Ask.post("bank/transfer", json);
    switch (client.random().nextInt(6)) {
      case 0 -> client.once(name(), name(), "transfer", input, transfer);
      case 1 -> {
        client.once(
            name(),
            name(),
            "transfer-sent",
            input,
            Ask.post("bank/transfer/send", json).key(name).meaning(any -> ""));
        client.untilDone(name(), name(), "transfer", input, transfer.key(name));
      }
      default -> client.untilDone(name(), name(), "transfer", input, transfer.key(name));
    }
  }

  @Override
  public void conclude(Client client) {
    for (int i = 0; i < ACCOUNTS; i++) {
      Ask balance = Ask.post("account/" + account(i) + "/balance", null);
      client.untilDone(name(), name(), "balance", account(i), balance);
    }
  }

  @Override
  public List<Verdict> judge(List<Act> acts) {
    return List.of(BankCheck.judge(acts));
  }
}
