// Runs one session with node-soap from the service description; prints what it saw as JSON.
// Arguments: the folder node-soap is installed in, the address of the service, user name, password, an answer.
const { createRequire } = require("node:module");
const [folder, url, strUserName, strPassword, response] = process.argv.slice(2);
const soap = createRequire(folder + "/")("soap");

async function main() {
  const client = await soap.createClientAsync(url + "?wsdl", { endpoint: url });
  const result = async (method, parameters) => (await client[method + "Async"](parameters))[0];
  const seen = {};
  seen.serverVersion = (await result("serverVersion", {})).serverVersionResult;
  seen.clientVersion = (await result("clientVersion", { strVersion: "34.0.10003.57" })).clientVersionResult;
  const log_in = (await result("authenticate", { strUserName, strPassword })).authenticateResult.string;
  const ticket = log_in[0];
  seen.items = log_in.length;
  seen.companyFile = log_in[1];
  seen.request = (await result("sendRequestXML", {
    ticket, strHCPResponse: "", strCompanyFileName: "C:\\Acme.qbw", qbXMLCountry: "US", qbXMLMajorVers: 13, qbXMLMinorVers: 0,
  })).sendRequestXMLResult;
  seen.percent = (await result("receiveResponseXML", { ticket, response, hresult: "", message: "" })).receiveResponseXMLResult;
  seen.received = (await result("getLastError", { ticket })).getLastErrorResult;
  seen.closed = (await result("closeConnection", { ticket })).closeConnectionResult;
  seen.refused = (await result("authenticate", { strUserName, strPassword: "guess" })).authenticateResult.string;
  console.log(JSON.stringify(seen));
}

main().catch((problem) => {
  console.error(problem);
  process.exit(1);
});
