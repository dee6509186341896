package dev.redrive.dev.shop;

/** Hears of each record that a consumer has dealt with. Called from the consumers' threads. */
@FunctionalInterface
public interface Journal {

    /**
     * @param consumer its consumer group
     * @param id of the order, payment, … in the record
     */
    void done(String consumer, String id);
}
