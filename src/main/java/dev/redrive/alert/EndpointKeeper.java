package dev.redrive.alert;

import dev.redrive.alert.EndpointOpener.CannotOpenException;
import dev.redrive.http.ProblemCode;
import dev.redrive.http.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.UUID;

/** Checks what is to be kept of an endpoint, and seals it. */
final class EndpointKeeper {

    /** Standard Webhooks wants 24 to 64 bytes. */
    private static final int SECRET_BYTES = 32;

    private final EndpointOpener opener;
    private final AddressGuard guard;
    private final SecureRandom random = new SecureRandom();

    EndpointKeeper(EndpointOpener opener, AddressGuard guard) {
        this.opener = opener;
        this.guard = guard;
    }

    /** An address that may be stored. @param hint what may be shown of it */
    record Kept(Buffer address, String hint) {}

    /** A secret of kind webhook. @param text shown once */
    record Secret(String text, Buffer sealed) {}

    /** @return fails with a problem that says what is wrong with the address */
    Future<Kept> keep(EndpointKind kind, String address, UUID seal) {
        requireKey();
        try {
            var read = AddressReader.read(kind, address);
            return guard.admit(read)
                    .map(checked -> new Kept(opener.sealAddress(seal, address), read.hint()))
                    .recover(failure -> Future.failedFuture(refused(
                            failure instanceof RefusedAddressException
                                    ? String.valueOf(failure.getMessage())
                                    : "No name server knows " + read.host())));
        } catch (RefusedAddressException refused) {
            return Future.failedFuture(refused(String.valueOf(refused.getMessage())));
        }
    }

    Secret secret(UUID seal) {
        requireKey();
        var bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        var text = "whsec_" + Base64.getEncoder().encodeToString(bytes);
        return new Secret(text, opener.sealSecret(seal, text));
    }

    /** @return the text of a {@link Secret} */
    String reveal(UUID seal, Buffer sealed) {
        requireKey();
        try {
            return opener.openSecret(seal, sealed);
        } catch (CannotOpenException otherKey) {
            throw new RefusedException(ProblemCode.SECRETS_KEY_MISSING, String.valueOf(otherKey.getMessage()));
        }
    }

    private void requireKey() {
        if (!opener.canSeal()) {
            throw new RefusedException(
                    ProblemCode.SECRETS_KEY_MISSING,
                    "Addresses are stored sealed, and this process has no key for that: set REDRIVE_SECRETS_KEY to base64"
                            + " of 32 random bytes, the same on every process");
        }
    }

    private static RefusedException refused(String sentence) {
        return RefusedException.invalidField(ProblemCode.UNPROCESSABLE, "/address", sentence);
    }
}
