/**
 * A Kamailio as an edge proxy (RFC 5626 §5): phones come to it by WSS, it passes them on to a registrar by UDP, with a Path
 * that leads back by their connection (RFC 3327).
 */
import type { KamailioDoors } from './kamailio-doors.ts';

export interface EdgeOptions {
  /** UDP port of the registrar on this computer. */
  readonly registrar: number;
  /** Whose registrar that is. */
  readonly domain: string;
  /** Its `tlsPort` is the one for WebSockets; there is no other. */
  readonly doors: KamailioDoors;
}

export const edgeConfig = (port: number, modules: string, { registrar, domain, doors }: EdgeOptions): string => `
debug=2
log_stderror=yes
fork=yes
children=1
tcp_children=1
enable_tls=yes
tcp_accept_no_cl=yes
listen=udp:127.0.0.1:${port}
listen=tls:127.0.0.1:${doors.tlsPort}
alias="127.0.0.1:${port}"
alias="127.0.0.1:${doors.tlsPort}"
auto_aliases=no
mpath="${modules}"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "outbound.so"
loadmodule "rr.so"
loadmodule "path.so"
loadmodule "pv.so"
loadmodule "maxfwd.so"
loadmodule "textops.so"
loadmodule "siputils.so"
loadmodule "tls.so"
loadmodule "xhttp.so"
loadmodule "websocket.so"
modparam("tls", "config", "tls.cfg")
modparam("outbound", "flow_token_secret", "tandem-tests-edge-12")
modparam("path", "use_received", 0)

event_route[xhttp:request] {
  set_reply_close();
  set_reply_no_connect();
  if (ws_handle_handshake()) exit;
  xhttp_reply("404", "Not Found", "", "");
}

request_route {
  if (!mf_process_maxfwd_header("10")) { sl_send_reply("483", "Too Many Hops"); exit; }
  if (is_method("OPTIONS") && $rU == $null) { sl_send_reply("200", "Here"); exit; }
  if (is_method("CANCEL")) { if (t_check_trans()) t_relay(); exit; }
  t_check_trans();
  if (is_method("REGISTER")) {
    remove_hf("Route");
    if (!add_path()) { sl_send_reply("503", "No Path"); exit; }
    $du = "sip:127.0.0.1:${registrar}";
    if (!t_relay()) sl_reply_error();
    exit;
  }
  if (has_totag()) {
    if (loose_route()) {
      # A name of a phone (GRUU) is for its registrar to lead on.
      if ($rd == "${domain}" && $du == $null) $du = "sip:127.0.0.1:${registrar}";
      t_relay();
      exit;
    }
    if (is_method("ACK") && t_check_trans()) t_relay();
    exit;
  }
  loose_route();
  record_route();
  if ($si == "127.0.0.1" && $sp == ${registrar}) {
    if (!t_relay()) sl_send_reply("430", "Flow Failed");
    exit;
  }
  $du = "sip:127.0.0.1:${registrar}";
  if (!t_relay()) sl_reply_error();
}
`;
