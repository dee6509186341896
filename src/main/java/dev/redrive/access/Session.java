package dev.redrive.access;

import dev.redrive.Sha256;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * A browser that is signed in, known by the secret in its cookie.
 *
 * @param secret 256 random bits, base64url
 */
record Session(String secret) {

    static final String COOKIE = "redrive-session";

    private static final SecureRandom RANDOM = new SecureRandom();

    static Session random() {
        var bytes = new byte[32];
        RANDOM.nextBytes(bytes);
        return new Session(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    byte[] secretHash() {
        return Sha256.of(secret);
    }

    /** Follows from the secret and does not give it away, so that it need not be stored. */
    String csrfToken() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of("redrive csrf " + secret));
    }

    @Override
    public String toString() {
        return "Session[***]";
    }
}
