/** Further doors of a Kamailio: TLS, and a port for WebSockets. */

export interface KamailioDoors {
  readonly tlsPort: number;
  readonly wsPort: number;
  /** PEM files. */
  readonly cert: string;
  readonly key: string;
}

export const doorsListen = ({ tlsPort, wsPort }: KamailioDoors): string => `
enable_tls=yes
tcp_accept_no_cl=yes
listen=tls:127.0.0.1:${tlsPort}
listen=tcp:127.0.0.1:${wsPort}
alias="127.0.0.1:${tlsPort}"
alias="127.0.0.1:${wsPort}"
`;

/** What comes to the port for WebSockets is HTTP until its handshake is done. */
export const doorsConfig = ({ wsPort }: KamailioDoors): string => `
loadmodule "tls.so"
loadmodule "xhttp.so"
loadmodule "websocket.so"
modparam("tls", "config", "tls.cfg")
event_route[xhttp:request] {
  set_reply_close();
  set_reply_no_connect();
  if ($Rp == ${wsPort}) {
    if (ws_handle_handshake()) exit;
  }
  xhttp_reply("404", "Not Found", "", "");
}
`;

export const doorsTls = ({ cert, key }: KamailioDoors): string => `
[server:default]
method = TLSv1.2+
private_key = ${key}
certificate = ${cert}
[client:default]
method = TLSv1.2+
`;
