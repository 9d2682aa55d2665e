package dev.reprise.chaos.check;

import dev.reprise.chaos.history.Act;
import dev.reprise.chaos.history.Fate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A bank: money moves, and is neither made nor lost. {@code open}, of {@code account,amount}, gives
 * an account what it begins with; {@code transfer}, of {@code name,from,to,amount}, answers whether
 * there was enough; {@code balance}, of an account, is asked when nothing moves any more.
 */
public final class BankCheck {
  private final Map<String, Long> least = new HashMap<>();
  private final Map<String, Long> most = new HashMap<>();
  private final List<String> wrong = new ArrayList<>();

  private BankCheck() {}

  /** Judges one bank. */
  public static Verdict judge(List<Act> acts) {
    BankCheck check = new BankCheck();
    check.bank(acts);
    return Verdict.of("bank", acts.size(), check.wrong);
  }

  private void bank(List<Act> acts) {
    long total = 0;
    for (Act open : Acts.of(acts, "open")) {
      String[] words = open.input().split(",", -1);
      add(words[0], Long.parseLong(words[1]), true);
      total += Long.parseLong(words[1]);
    }
    transfers(Acts.of(acts, "transfer"));
    long found = 0;
    List<Act> balances = Acts.of(acts, "balance").stream().filter(Act::done).toList();
    for (Act balance : balances) {
      long amount = Long.parseLong(balance.output());
      found += amount;
      long from = Math.max(0, least.getOrDefault(balance.input(), 0L));
      long to = most.getOrDefault(balance.input(), 0L);
      if (amount < from || amount > to) {
        wrong.add("Expected %d to %d, but: %s".formatted(from, to, balance));
      }
    }
    if (!balances.isEmpty() && found != total) {
      wrong.add("Expected %d in all accounts, but there is %d".formatted(total, found));
    }
  }

  private void transfers(List<Act> transfers) {
    Map<String, Act> answered = new HashMap<>();
    for (Act transfer : transfers) {
      if (transfer.done()) {
        Act other = answered.putIfAbsent(transfer.input(), transfer);
        if (other != null && !other.output().equals(transfer.output())) {
          wrong.add("One transfer has two answers: " + other + "; and " + transfer);
        }
      }
    }
    answered.values().stream()
        .filter(it -> Boolean.parseBoolean(it.output()))
        .forEach(it -> move(it, true));
    Set<String> maybe = new HashSet<>();
    transfers.stream()
        .filter(it -> it.fate() == Fate.UNKNOWN && !answered.containsKey(it.input()))
        .filter(it -> maybe.add(it.input()))
        .forEach(it -> move(it, false));
  }

  private void move(Act transfer, boolean certain) {
    String[] words = transfer.input().split(",", -1);
    long amount = Long.parseLong(words[3]);
    add(words[1], -amount, certain);
    add(words[2], amount, certain);
  }

  private void add(String account, long amount, boolean certain) {
    if (certain || amount < 0) {
      least.merge(account, amount, Long::sum);
    }
    if (certain || amount > 0) {
      most.merge(account, amount, Long::sum);
    }
  }
}
