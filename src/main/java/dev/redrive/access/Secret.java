package dev.redrive.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A secret of which only the SHA-256 is kept. Our secrets are long and random, so a fast hash is enough. */
final class Secret {

    private final byte[] hash;

    Secret(String plain) {
        this.hash = sha256(plain);
    }

    /** Compares in constant time, and the hashes, so that not even the length shows. */
    boolean is(String given) {
        return MessageDigest.isEqual(hash, sha256(given));
    }

    byte[] hash() {
        return hash.clone();
    }

    static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every JDK has SHA-256", impossible);
        }
    }
}
