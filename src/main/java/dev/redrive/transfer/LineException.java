package dev.redrive.transfer;

/** A line of an import that is no letter; the message is for whoever sent it and holds nothing of its content. */
final class LineException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LineException(String message) {
        super(message, null, false, false);
    }
}
