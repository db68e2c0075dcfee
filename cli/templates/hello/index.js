// `glambdar deploy` publishes this folder, `glambdar invoke --data '{"name":"Ada"}'` calls it.
exports.handler = async (req) => {
  const { name = 'World' } = req.body ? await req.json() : {};
  console.log(`Greeting ${name}`); // `glambdar logs` shows it.
  return { statusCode: 200, body: { message: `Hello ${name}!` } };
};
