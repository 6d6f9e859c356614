internal import Foundation

extension ServerConfiguration {
  /// What a start would refuse of this machine as it is now: a pack that nobody made, ports that others hold. A server that runs on this
  /// very data folder holds its own.
  func problemsNow() -> [ConfigurationProblem] {
    var problems: [ConfigurationProblem] = []
    if !FileManager.default.fileExists(atPath: pack) {
      problems.append(problem("pack", "there is no folder \(pack)", hint: Self.packHint))
    }
    let wanted: [(key: String, PortProbe.Transport, Listener)] = [
      ("sip.port", .udp, sip.listener), ("sip.port", .tcp, sip.listener), ("http.port", .tcp, http),
    ]
    for (key, transport, listener) in wanted where !problems.contains(where: { $0.key == key }) {
      guard listener.port != 0,
        let code = PortProbe.refusal(transport, address: listener.address, port: listener.port),
        PortProbe.refusal(transport, address: listener.address, port: 0) == nil
      else { continue }
      let variable = key == "http.port" ? "REPARTEE_HTTP_PORT" : "REPARTEE_SIP_PORT"
      let place = "\(transport.rawValue) port \(listener.port) of \(listener.address)"
      guard code == EADDRINUSE else {
        problems.append(
          problem(
            key, "nobody can listen on \(place): \(String(cString: strerror(code)))",
            hint: "set another one (\(variable))"))
        continue
      }
      let holder = PortHolder.find(transport, address: listener.address, port: listener.port)
      if let holder, holder.hasOpen(StorageFloor.path(self)) { continue }
      problems.append(
        problem(
          key, "\(place) is in use" + (holder.map { " by \($0)" } ?? ""),
          hint: "stop the other program, or set another port (\(variable))"))
    }
    return problems
  }
}
