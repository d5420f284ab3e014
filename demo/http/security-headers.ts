import helmet from 'helmet';

/** Only what comes from here runs or is shown, nothing inline; no other site may frame a page. */
export const securityHeaders = helmet({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
      objectSrc: ["'none'"],
      scriptSrc: ["'none'"],
    },
  },
  xFrameOptions: { action: 'deny' },
  // With no-referrer browsers send `Origin: null` with a form; the origin is how a form is known to be ours.
  referrerPolicy: { policy: 'same-origin' },
});
