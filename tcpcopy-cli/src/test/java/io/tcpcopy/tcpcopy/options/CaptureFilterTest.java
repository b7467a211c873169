package io.tcpcopy.tcpcopy.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tcpcopy.capture.CaptureFilters;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.session.base.Part;
import io.tcpcopy.session.base.Transfer;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class CaptureFilterTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "80-10.0.0.2:80 | tcp and (dst port 80) and not ((dst host 10.0.0.2 and dst port 80)) | true",
                "10.0.0.1:80-10.0.0.2:8080 | tcp and ((dst host 10.0.0.1 and dst port 80)) | false",
                "80-10.0.0.2:80,443-10.0.0.2:443 | tcp and (dst port 80 or dst port 443)"
                        + " and not ((dst host 10.0.0.2 and dst port 80) or (dst host 10.0.0.2 and dst port 443)) | true",
                "81-10.0.0.2:80,10.0.0.2:80-10.0.0.3:80"
                        + " | (tcp and (dst port 81 or (dst host 10.0.0.2 and dst port 80))"
                        + " and not ((dst host 10.0.0.3 and dst port 80)))"
                        + " and (inbound or (dst host 10.0.0.2 and dst port 80)) | false",
            })
    void takesWhatGoesToTheOnlineSideAndNeverTheCopies(String transfers, String expression, boolean inboundOnly)
            throws Exception {
        CaptureFilter filter = derive(Protocol.TCP, transfers);

        assertThat(filter.forBothDirections()).isEqualTo(expression);
        assertThat(filter.inboundOnly()).isEqualTo(inboundOnly);
        CaptureFilters.check(filter.forBothDirections(), PcapSettings.ANY);
    }

    @Test
    void takesUdpWhereThatIsCopied() throws Exception {
        CaptureFilter filter = derive(Protocol.UDP, "53-10.0.0.2:5353");

        assertThat(filter.expression())
                .isEqualTo("udp and (dst port 53) and not ((dst host 10.0.0.2 and dst port 5353))");
        assertThat(filter.inboundOnly()).isTrue();
        CaptureFilters.check(filter.expression(), PcapSettings.ANY);
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void theKernelGivesNothingOfOtherParts(Protocol protocol) throws Exception {
        List<Transfer> transfers = transfers("80-10.0.0.2:8080");
        String whole = CaptureFilter.derive(protocol, transfers, Part.ALL).expression();
        Part part = new Part(2, 3);

        String expression = CaptureFilter.derive(protocol, transfers, part).expression();

        assertThat(expression)
                .isEqualTo("(" + whole + ") and (ip6 or " + part.filter(protocol.filter() + "[0:2]") + ")");
        CaptureFilters.check(expression, PcapSettings.ANY);
        CaptureFilters.compileForIp(expression, 128);
    }

    @Test
    void staysWithinWhatTheKernelTakesForTheLargestNumberOfTransfers() throws Exception {
        String transfers = IntStream.rangeClosed(1, TransferReader.MAX_TRANSFERS)
                .mapToObj(i -> i + "-10.0.0." + i + ":" + i)
                .collect(Collectors.joining(","));
        CaptureFilter filter = derive(Protocol.TCP, transfers);

        assertThatCode(() -> CaptureFilters.check(filter.expression(), PcapSettings.ANY))
                .doesNotThrowAnyException();
    }

    @Test
    void whatThisHostSendsIsTakenOnlyWhereATransferNamesItsDestinationAlsoWithAFilterThatTheUserGave()
            throws Exception {
        assertThat(given("80-10.0.0.2:80").forBothDirections()).isEqualTo("tcp or udp");
        assertThat(given("80-10.0.0.2:80").inboundOnly()).isTrue();
        assertThat(given("10.0.0.1:80-10.0.0.2:80").forBothDirections()).isEqualTo("tcp or udp");
        assertThat(given("10.0.0.1:80-10.0.0.2:80").inboundOnly()).isFalse();

        CaptureFilter mixed = given("81-10.0.0.2:80,10.0.0.1:80-10.0.0.2:80");
        assertThat(mixed.inboundOnly()).isFalse();
        assertThat(mixed.forBothDirections())
                .isEqualTo("(tcp or udp) and (inbound or (dst host 10.0.0.1 and dst port 80))");
        CaptureFilters.check(mixed.forBothDirections(), PcapSettings.ANY);
    }

    private static CaptureFilter given(String transfers) throws Exception {
        return CaptureFilter.given("tcp or udp", transfers(transfers));
    }

    private static CaptureFilter derive(Protocol protocol, String transfers) throws Exception {
        return CaptureFilter.derive(protocol, transfers(transfers), Part.ALL);
    }

    private static List<Transfer> transfers(String list) throws Exception {
        return new TransferReader(OptionValue.of("-x", list), false, true).transfers();
    }
}
