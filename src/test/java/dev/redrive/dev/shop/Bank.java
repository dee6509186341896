package dev.redrive.dev.shop;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** What the till depends on. Every charge fails while it is closed. */
public final class Bank {

    private final BooleanSupplier open;
    private final ConcurrentMap<String, AtomicInteger> attempts = new ConcurrentHashMap<>();

    public Bank(BooleanSupplier open) {
        this.open = open;
    }

    /** As a client library would throw it. */
    static final class BankClosedException extends RuntimeException {
        BankClosedException(String payment) {
            super("Payment " + payment + " refused: the bank is closed, a villain is in the vault");
        }
    }

    void charge(String payment) {
        attempts.computeIfAbsent(payment, first -> new AtomicInteger()).incrementAndGet();
        if (!open.getAsBoolean()) {
            throw new BankClosedException(payment);
        }
    }

    /** How often somebody tried to charge this payment. */
    public int attempts(String payment) {
        var count = attempts.get(payment);
        return count == null ? 0 : count.get();
    }
}
