package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.util.List;
import org.junit.jupiter.api.Test;

class CopySettingsTest {
    private static final int ONLINE = 0x0A000001;
    private static final int TARGET = 0x0A000002;

    @Test
    void transfersAreNamedInTheFormOfTheirOption() {
        Settings session = Settings.of(List.of(
                        new Transfer(new Endpoint(Address.ANY, 80), Endpoint.ipv4(TARGET, 8080)),
                        new Transfer(Endpoint.ipv4(ONLINE, 443), Endpoint.ipv4(TARGET, 8443))))
                .build();

        assertThat(new CopySettings(session, InjectSettings.routed(InjectKind.AUTO), 0).transferText())
                .isEqualTo("80-10.0.0.2:8080,10.0.0.1:443-10.0.0.2:8443");
    }
}
