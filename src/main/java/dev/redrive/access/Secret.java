package dev.redrive.access;

import dev.redrive.Sha256;
import java.security.MessageDigest;

/** A secret of which only the SHA-256 is kept. Our secrets are long and random, so a fast hash is enough. */
final class Secret {

    private final byte[] hash;

    Secret(String plain) {
        this.hash = Sha256.of(plain);
    }

    /** Compares in constant time, and the hashes, so that not even the length shows. */
    boolean is(String given) {
        return MessageDigest.isEqual(hash, Sha256.of(given));
    }

    byte[] hash() {
        return hash.clone();
    }
}
