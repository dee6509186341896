package dev.redrive.alert;

import dev.redrive.alert.EndpointStore.Sealed;
import io.vertx.core.buffer.Buffer;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Seals what a person gives and opens what is stored, with the key of this process. */
final class EndpointOpener {

    private final @Nullable SecretBox box;
    private final List<Endpoint> ofSettings;

    /** @param box null where there is no key, so that nothing can be added */
    EndpointOpener(@Nullable SecretBox box, List<Endpoint> ofSettings) {
        this.box = box;
        this.ofSettings = List.copyOf(ofSettings);
    }

    boolean canSeal() {
        return box != null;
    }

    Buffer sealAddress(UUID seal, String address) {
        return Buffer.buffer(box().seal(address, seal + " address"));
    }

    Buffer sealSecret(UUID seal, String secret) {
        return Buffer.buffer(box().seal(secret, seal + " secret"));
    }

    /** @return what was given to {@link #sealSecret} */
    String openSecret(UUID seal, Buffer sealed) throws CannotOpenException {
        try {
            return open(sealed, seal + " secret");
        } catch (GeneralSecurityException otherKey) {
            throw otherKey();
        }
    }

    /** @throws CannotOpenException with a sentence, where this process does not have what it takes */
    Endpoint open(Sealed sealed) throws CannotOpenException {
        if (sealed.fromSettings()) {
            return ofSettings.stream()
                    .filter(endpoint -> endpoint.name().equals(sealed.name()))
                    .findFirst()
                    .orElseThrow(() -> new CannotOpenException("It is not in the settings of this process"));
        }
        if (box == null || sealed.address() == null) {
            throw new CannotOpenException("REDRIVE_SECRETS_KEY is not set");
        }
        try {
            var address = AddressReader.read(sealed.kind(), open(sealed.address(), sealed.seal() + " address"));
            return new Endpoint(
                    sealed.name(), sealed.kind(), address, signature(sealed), sealed.allowsPayload(), false);
        } catch (GeneralSecurityException | RefusedAddressException otherKey) {
            throw otherKey();
        }
    }

    private static CannotOpenException otherKey() {
        return new CannotOpenException("It was sealed with another REDRIVE_SECRETS_KEY");
    }

    /** With the new secret first, then the old one as long as it holds. */
    private @Nullable StandardWebhook signature(Sealed sealed) throws GeneralSecurityException {
        var secrets = new ArrayList<String>();
        for (var secret : new @Nullable Buffer[] {sealed.secret(), sealed.oldSecret()}) {
            if (secret != null) {
                secrets.add(open(secret, sealed.seal() + " secret"));
            }
        }
        return secrets.isEmpty() ? null : StandardWebhook.withSecret(secrets.toArray(String[]::new));
    }

    private String open(Buffer sealed, String boundTo) throws GeneralSecurityException {
        return box().open(sealed.getBytes(), boundTo);
    }

    private SecretBox box() {
        if (box == null) {
            throw new IllegalStateException("There is no key");
        }
        return box;
    }

    static final class CannotOpenException extends Exception {

        private static final long serialVersionUID = 1L;

        CannotOpenException(String message) {
            super(message);
        }
    }
}
