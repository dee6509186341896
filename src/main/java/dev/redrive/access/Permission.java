package dev.redrive.access;

import java.util.Locale;

/** What an operation asks of its caller. Roles will be sets of these. */
enum Permission {
    /** Everything but the bytes of records. */
    READ,
    /** Keys, values and header values. */
    PAYLOAD_READ,
    EDIT,
    /** Replay, discard, restore. */
    OPERATE,
    ADMIN;

    /** The word of the contract's Me, such as {@code payload:read}. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', ':');
    }
}
