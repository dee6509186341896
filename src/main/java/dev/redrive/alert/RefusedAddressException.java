package dev.redrive.alert;

/** An address that nothing is sent to. The message is a sentence for whoever gave it and does not hold it. */
final class RefusedAddressException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RefusedAddressException(String message) {
        super(message, null, false, false);
    }
}
