package dev.redrive.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Brokers that outlive the test classes that use them. Classes run side by side in one JVM, and what one writes to a
 * dead-letter topic all its neighbours on that broker would read; so a class has a broker for itself, from its first
 * question for it to its end, and then the next class has it.
 *
 * <p>JUnit runs a class from begin to end in one thread, by which the class is known here. It finds this extension by
 * {@code META-INF/services}, for every class.
 */
public final class LentBrokers implements BeforeAllCallback, AfterAllCallback {

    private static final Deque<Broker> IDLE = new ArrayDeque<>();
    private static final ThreadLocal<@Nullable Loan> LOAN = new ThreadLocal<>();

    private static final class Loan {
        @Nullable
        Broker broker;
    }

    /** @throws IllegalStateException in a thread that runs no test class, whose end nobody would hear of */
    static Broker broker() {
        var loan = LOAN.get();
        if (loan == null) {
            throw new IllegalStateException("Ask for the broker in the thread of the test, after its class has begun");
        }
        var broker = loan.broker;
        if (broker == null) {
            broker = idle();
            loan.broker = broker;
        }
        return broker;
    }

    private static Broker idle() {
        synchronized (IDLE) {
            var idle = IDLE.pollFirst();
            if (idle != null) {
                return idle;
            }
        }
        return Broker.forMany();
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        if (isOutermost(context)) {
            LOAN.set(new Loan());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) {
        var loan = LOAN.get();
        if (!isOutermost(context) || loan == null) {
            return;
        }
        LOAN.remove();
        if (loan.broker != null) {
            synchronized (IDLE) {
                IDLE.addFirst(loan.broker);
            }
        }
    }

    private static boolean isOutermost(ExtensionContext context) {
        return context.getEnclosingTestClasses().isEmpty();
    }
}
