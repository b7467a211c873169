package io.tcpcopy.tcpcopy.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.tcpcopy.capture.pcap.PcapFilter;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
                "80-10.0.0.2:80,80-10.0.0.3:80 | tcp and (dst port 80)"
                        + " and not ((dst host 10.0.0.2 and dst port 80) or (dst host 10.0.0.3 and dst port 80)) | true",
                "81-10.0.0.2:80,10.0.0.2:80-10.0.0.3:80 | tcp and (dst port 81 or (dst host 10.0.0.2 and dst port 80))"
                        + " and not ((dst host 10.0.0.3 and dst port 80)) | true",
            })
    void takesWhatGoesToTheOnlineSideAndNeverTheCopies(String transfers, String expression, boolean inboundOnly)
            throws Exception {
        CaptureFilter filter = derive(Protocol.TCP, transfers);

        assertThat(filter).isEqualTo(new CaptureFilter(expression, inboundOnly));
        PcapFilter.check(filter.expression(), PcapSettings.ANY);
    }

    @Test
    void takesUdpWhereThatIsCopied() throws Exception {
        CaptureFilter filter = derive(Protocol.UDP, "53-10.0.0.2:5353");

        assertThat(filter)
                .isEqualTo(new CaptureFilter(
                        "udp and (dst port 53) and not ((dst host 10.0.0.2 and dst port 5353))", true));
        PcapFilter.check(filter.expression(), PcapSettings.ANY);
    }

    @Test
    void staysWithinWhatTheKernelTakesForTheLargestNumberOfTransfers() throws Exception {
        String transfers = IntStream.rangeClosed(1, TransferReader.MAX_TRANSFERS)
                .mapToObj(i -> i + "-10.0.0." + i + ":" + i)
                .collect(Collectors.joining(","));
        CaptureFilter filter = derive(Protocol.TCP, transfers);

        assertThatCode(() -> PcapFilter.check(filter.expression(), PcapSettings.ANY))
                .doesNotThrowAnyException();
    }

    @Test
    void leavesTheDirectionToAFilterThatTheUserGave() {
        assertThat(CaptureFilter.given("tcp port 80")).isEqualTo(new CaptureFilter("tcp port 80", false));
    }

    private static CaptureFilter derive(Protocol protocol, String transfers) throws BadInputException {
        return CaptureFilter.derive(
                protocol, new TransferReader(OptionValue.of("-x", transfers), false, true).transfers());
    }
}
